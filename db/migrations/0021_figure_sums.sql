-- Sums of presses by local day and all that figures are grouped by, so that a year of a large house
-- is read in thousands of rows. A day without a row in figure_day is counted from its presses.
create table figure_day (
    company_id {int} not null,
    local_day {int} not null,
    counted_at {int} not null,
    primary key (company_id, local_day)
){strict};
create table figure_cell (
    company_id {int} not null,
    local_day {int} not null,
    point_id {int} not null,
    button_id {int} not null,
    person_id {int} not null,
    unit {int} not null,
    n {int} not null,
    left_out {int} not null,
    coded {int} not null,
    primary key (company_id, local_day, point_id, button_id, person_id, unit)
){strict};
