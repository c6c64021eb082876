create table if not exists Hotel (id bigint primary key, code varchar, name varchar, version int);
create table if not exists Room (number bigint primary key, beds int, hotel_id bigint);
