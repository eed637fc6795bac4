"""How it is usually done elsewhere: methods that take days, tickets or agents for independent."""
