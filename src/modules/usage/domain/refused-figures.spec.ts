import { RecordFields } from './record-fields.js';
import { figuresOfRefused } from './refused-figures.js';

const figures = (kind: Parameters<typeof figuresOfRefused>[0], line: string) =>
  figuresOfRefused(kind, RecordFields.ofText(line));
const nothing = { feeFen: 0, minutes: 0, volumeKb: 0 };

describe('[promise 10] what a line that is refused adds to the trailer', () => {
  it('is what can be read of it', () => {
    const call = 'D||2025-01-15T10:00:00+08:00|1280||460|VOICE_MT|NOBODY|61|7||-20|x';
    expect(figures('USG', call)).toEqual({
      figures: { feeFen: -20, minutes: 2, volumeKb: 7 },
      time: Date.parse('2025-01-15T10:00:00+08:00'),
    });
    expect(figures('USG', call.replace('VOICE_MT', 'VOICE_MAIL')).figures.minutes).toBe(0);
    expect(figures('ARR', 'D|1|2025-01-31|||||2025-02-20|77')).toEqual({
      figures: { ...nothing, feeFen: 77 },
      time: Date.parse('2025-01-31T00:00:00+08:00'),
    });
    expect(figures('PAY', 'D|P-1|||2025-01-31T09:00:00Z|5').figures.feeFen).toBe(5);
  });

  it.each(['12.50', '1e3', '+5', ' 5', '', '1234567890123456', '５'])(
    'a fee of "%s" is no whole number and counts 0',
    (fee) => {
      expect(figures('PAY', `D|P-1|||x|${fee}|`).figures).toEqual(nothing);
    },
  );

  it('a time that is no time is left out, as is all that a short line lacks, whatever the line before had', () => {
    const fields = RecordFields.ofText('D|U|2025-01-15T10:00:00+08:00||||VOICE_MO||61|7||20');
    const short = Buffer.from('D|U|2025-02-30T10:00:00+08:00');
    expect(figuresOfRefused('USG', fields.of(short, 0, short.length))).toEqual({ figures: nothing, time: undefined });
    expect(figures('BIL', 'D|B')).toEqual({ figures: nothing, time: undefined });
    expect(figures('SUB', 'D')).toEqual({ figures: nothing, time: undefined });
  });
});
