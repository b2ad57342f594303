alter table backup_outcome drop constraint backup_outcome_trial_check;
alter table backup_outcome add constraint backup_outcome_trial_check check (trial in ('backup', 'drill', 'key', 'upload'));
