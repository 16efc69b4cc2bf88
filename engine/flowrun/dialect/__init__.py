"""What NiFi users write in dialects that come from Java: numbers, regular expressions, dates, CRON, JSONPath."""
