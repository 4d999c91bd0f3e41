//! Finding a kata by any of its names.
