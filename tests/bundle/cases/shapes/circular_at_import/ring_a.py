from ring_b import B
class A(B):
    name = 'a'
