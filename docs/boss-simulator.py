#!/usr/bin/env python3
"""A billing system in sixty lines: pushes a day of files to Guibin, reads the answers, sends again what was not answered.

    GUIBIN=http://localhost:3000 KEY=gbk_... python3 boss-simulator.py [customers] [day, e.g. 2026-02-01]
"""
import gzip, hashlib, json, os, random, sys, time, urllib.error, urllib.request
from datetime import date, timedelta

API, KEY, SOURCE, PROVINCE = os.environ.get('GUIBIN', 'http://localhost:3000'), os.environ['KEY'], 'BOSS', '440000'
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 10
DAY = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else date.today()
LAST_MONTH = (DAY.replace(day=1) - timedelta(days=1)).strftime('%Y%m')
MADE_AT, EVENT_AT = f'{DAY}T02:00:00+08:00', f'{DAY - timedelta(days=1)}T20:15:00+08:00'
SEQUENCES = 'boss-simulator.sequences.json'
sequences = json.load(open(SEQUENCES)) if os.path.exists(SEQUENCES) else {}
random.seed(str(DAY))  # the same day is the same files


def call(method, path, body=None, kind='application/gzip'):
    for wait in (1, 2, 4, 8, 16):
        request = urllib.request.Request(API + path, body, {'X-API-Key': KEY, 'Content-Type': kind}, method=method)
        try:
            return urllib.request.urlopen(request).read().decode()
        except urllib.error.HTTPError as error:
            if error.code != 429 and error.code < 500:
                sys.exit(f'{path}: {error.code} {error.read().decode()}')
        except urllib.error.URLError as error:
            print(f'no answer ({error.reason}), sending again', file=sys.stderr)
        time.sleep(wait)
    sys.exit(f'{path}: no answer')


def push(kind, records, fee=lambda r: 0, minutes=lambda r: 0, kb=lambda r: 0):
    """`records`: lists of fields as the contract names them, with the event time under the key of the file."""
    sequence = sequences.setdefault(f'{DAY} {kind}', max([n for k, n in sequences.items() if k.endswith(kind)], default=0) + 1)
    json.dump(sequences, open(SEQUENCES, 'w'))  # before sending: whatever happens, the same file keeps its number
    body = ''.join('D|' + '|'.join(map(str, r)) + '\n' for r in records).encode()
    time_of = {'SUB': 1, 'USG': 1, 'BIL': 18, 'PAY': 3}[kind]
    times = sorted(r[time_of] for r in records) or ['']
    sums = [sum(map(f, records)) for f in (fee, minutes, kb)]
    header = f'H|01|{SOURCE}|{PROVINCE}|{DAY:%Y%m%d}|{sequence}|{MADE_AT}|{len(records)}\n'
    trailer = '|'.join(map(str, ['T', len(records), *sums, times[0], times[-1], hashlib.sha256(body).hexdigest()])) + '\n'
    name = f'{kind}_{SOURCE}_{PROVINCE}_{DAY:%Y%m%d}_{sequence:06}_01.csv.gz'
    packed = gzip.compress(header.encode() + body + trailer.encode())
    answer = json.loads(call('POST', f'/care-api/intake/v1/file?name={name}', packed))
    print(call('GET', f"/care-api/intake/v1/file/{answer['id']}/answer").strip() + (' (repeat)' if answer['isRepeat'] else ''))


people = [(f'4400{n:08}', f'138{n:08}') for n in range(COUNT)]
push('SUB', [[f'S{a}', '2025-01-01T00:00:00+08:00', a, m, '', '', '', '', 'GOTONE', PROVINCE, '', '2018-03-01', 'ACTIVE',
              '2025-01-01T00:00:00+08:00', 'T59', 5900, 'MAIN', '', 1, '', 'NEW', 1] for a, m in people])
push('USG', [[f'U{DAY:%Y%m%d}-{a}', EVENT_AT, m, a, '', 'VOICE_MO', 'ON_NET', random.randrange(600), 0, 1, 15, 1, PROVINCE, '', 0,
              'T59', '', 'NEW', '', 1] for a, m in people], fee=lambda r: r[10], minutes=lambda r: -(-r[7] // 60))
push('BIL', [[f'B{LAST_MONTH}-{a}', a, m, LAST_MONTH, 5900, 100, 0, 0, 0, 0, 0, 0, 0, 0, 6000, 0, 6000, DAY + timedelta(days=19),
              MADE_AT, 1, ''] for a, m in people], fee=lambda r: r[14])
push('PAY', [[f'P{DAY:%Y%m%d}-{a}', a, m, EVENT_AT, 6000, 'WECHAT', 'SELF', f'B{LAST_MONTH}-{a}', 'NEW', '', 1]
             for a, m in people], fee=lambda r: r[4])
