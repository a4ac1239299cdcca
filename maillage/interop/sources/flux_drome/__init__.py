"""The services of the Drôme to its collectivités, in the shape of Aides-territoires."""
