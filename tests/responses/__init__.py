"""Files of responses in the shape of each platform, written by models of these platforms and read back."""
