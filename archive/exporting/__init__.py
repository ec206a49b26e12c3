"""What leaves an archive in the forms that others read."""
