NAME = 'kit'
