-- Why a check ended without a score (outcome cannot_assess), and a note to it.
alter table check_sheet add column reason text;
alter table check_sheet add column reason_note text not null default '';
create index check_sheet_reason on check_sheet (company_id, local_day, id)
    where reason is not null;
