# Adds irot and imir to the main picture of a HEIC: props.py in.heic out.heic irot|- imir|-
import struct, sys
def boxes(b, at, end):
    while at < end:
        n, t = struct.unpack('>I4s', b[at:at+8]); yield t, at, n; at += n
def box(t, p): return struct.pack('>I4s', len(p)+8, t)+p
f = open(sys.argv[1], 'rb').read()
new = []
if sys.argv[3] != '-': new.append(box(b'irot', bytes([int(sys.argv[3])])))
if sys.argv[4] != '-': new.append(box(b'imir', bytes([int(sys.argv[4])])))
meta = next((a, n) for t, a, n in boxes(f, 0, len(f)) if t == b'meta')
kids = [(t, f[a:a+n]) for t, a, n in boxes(f, meta[0]+12, meta[0]+meta[1])]
primary = next(struct.unpack('>H', k[12:14])[0] for t, k in kids if t == b'pitm')
def iprp(k):
    sub = [(t, k[a:a+n]) for t, a, n in boxes(k, 8, len(k))]
    ipco = next(x for t, x in sub if t == b'ipco'); count = sum(1 for _ in boxes(ipco, 8, len(ipco)))
    ipma = next(x for t, x in sub if t == b'ipma')
    assert ipma[8] == 0 and ipma[11] & 1 == 0
    out = ipma[8:16]; at = 16
    for _ in range(struct.unpack('>I', ipma[12:16])[0]):
        item, c = struct.unpack('>HB', ipma[at:at+3]); a = ipma[at+3:at+3+c]; at += 3+c
        if item == primary: a += bytes(0x80 | (count+1+i) for i in range(len(new)))
        out += struct.pack('>HB', item, len(a))+a
    return box(b'iprp', box(b'ipco', ipco[8:]+b''.join(new))+box(b'ipma', out))
def iloc(k, delta):
    v = k[8]; assert v in (0, 1); k = bytearray(k); osz, lsz, bsz = k[12] >> 4, k[12] & 15, k[13] >> 4; isz = k[13] & 15 if v else 0
    at = 16
    for _ in range(struct.unpack('>H', k[14:16])[0]):
        at += 2; method = 0
        if v: method = k[at+1] & 15; at += 2
        at += 2 + bsz; e = struct.unpack('>H', k[at:at+2])[0]; at += 2
        for _ in range(e):
            at += isz
            if method == 0: o = int.from_bytes(k[at:at+osz], 'big')+delta; k[at:at+osz] = o.to_bytes(osz, 'big')
            at += osz+lsz
    return bytes(k)
changed = [(t, iprp(k) if t == b'iprp' else k) for t, k in kids]
delta = sum(len(k) for _, k in changed)-sum(len(k) for _, k in kids)
payload = f[meta[0]+8:meta[0]+12]+b''.join(iloc(k, delta) if t == b'iloc' else k for t, k in changed)
open(sys.argv[2], 'wb').write(f[:meta[0]]+box(b'meta', payload)+f[meta[0]+meta[1]:])
