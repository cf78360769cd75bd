"""Pages drawn by the server alone, without NiceGUI: before anybody is signed in, and for the public."""
