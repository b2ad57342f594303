-- migrations/20261128000012_account_mail.sql for PostgreSQL; its comments are there.

alter table mail drop constraint mail_kind_check;
alter table mail add constraint mail_kind_check check (kind in ('answer', 'message', 'digest', 'invitation', 'password', 'review', 'schedule', 'address', 'new_address', 'new_password', 'added_passkey', 'removed_passkey', 'added_code_app', 'removed_code_app', 'new_recovery_codes', 'removed_factors', 'new_device'));
