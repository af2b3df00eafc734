"""Mail as the internet has it: writing messages and handing them to a server. Knows no documents and no database."""
