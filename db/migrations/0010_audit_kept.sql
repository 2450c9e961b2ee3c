-- The journal only grows: its rows and their seals are never changed or removed, by nobody. Who
-- drops the triggers to do it all the same is found by the chain and its signed heads.
{audit kept};
