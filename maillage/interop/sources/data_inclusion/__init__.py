"""data.inclusion v1: structures and services of inclusion; of interest here, those that help to create or run an activity."""
