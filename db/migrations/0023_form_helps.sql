-- Ready comments to an item of a form. owner_id 0: shared with all checkers; else the person's own.
create table comment_template (
    id {int} primary key,
    company_id {int} not null,
    unit {int} not null,
    form_id {int} not null,
    item text not null,
    owner_id {int} not null,
    text text not null,
    created_at {int} not null,
    removed_at {int}
){strict};
create index comment_template_form on comment_template (form_id, owner_id, id);
-- The form that is proposed for signals of a kind.
create table form_default (
    company_id {int} not null,
    signal_kind text not null,
    form_id {int} not null,
    changed_by {int} not null,
    changed_at {int} not null,
    primary key (company_id, signal_kind)
){strict};
