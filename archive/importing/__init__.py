"""What comes into an archive from the files of others."""
