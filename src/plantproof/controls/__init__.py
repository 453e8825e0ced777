"""What is intended and what must hold: catalogs, profiles, sites, waivers, read and checked into an `Intent`."""
