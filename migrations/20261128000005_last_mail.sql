-- When an e-mail was sent last: most are forgotten once they are sent.
alter table daily_mail add column sent_at bigint;
