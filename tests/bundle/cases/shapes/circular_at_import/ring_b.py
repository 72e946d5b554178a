from ring_a import A
class B:
    other = A
