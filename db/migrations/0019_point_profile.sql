-- The profile of a point: part of the site, what it is, how many customers come, when it is open.
alter table point add column area text not null default '';
alter table point add column point_type text not null default 'unstated'
    check (point_type in ('unstated', 'till', 'reception', 'sales_floor', 'manager_desk', 'room', 'phone'));
alter table point add column flow_class text not null default 'unstated'
    check (flow_class in ('unstated', 'low', 'medium', 'high'));
alter table point add column hours text not null default '';
