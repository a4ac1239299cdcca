"""Places in the national schema of digital inclusion places (mediation-numérique): libraries, third places, France services…"""
