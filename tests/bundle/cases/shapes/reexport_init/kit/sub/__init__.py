from ..voice import loud
def quiet(text):
    return text.lower() + loud('')
