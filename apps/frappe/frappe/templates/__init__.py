"""Templates of the framework: mails and pages."""
