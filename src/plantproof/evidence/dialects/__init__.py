"""The languages in which devices write their configuration, as trees with line numbers. No meaning is read here."""
