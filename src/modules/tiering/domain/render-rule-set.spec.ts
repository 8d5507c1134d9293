import { gotone2026 } from './gotone-2026.js';
import { renderRuleSet } from './render-rule-set.js';
import type { RuleSetBody } from './rule-set.js';

const scale = ['DIAMOND', 'PLATINUM', 'GOLD', 'SILVER', 'HONOURED_GUEST', 'ORDINARY'];

const linesOf = (body: RuleSetBody, language: 'en' | 'zh'): string[] =>
  renderRuleSet({ scale, body }, language).flatMap(({ title, lines }) => [title, ...lines.map((line) => `- ${line}`)]);
const trimmed = (text: string): string[] => text.trim().split('\n').map((line) => line.trim()); // prettier-ignore

describe('reading a rule set', () => {
  it('[TIER-02] the shipped one in English, with every threshold', () => {
    expect(linesOf(gotone2026, 'en')).toEqual(
      trimmed(`
      Levels, highest first
      - Diamond
      - Platinum
      - Gold
      - Silver
      - Honoured guest
      - Ordinary
      Whoever gets more than the lowest level fulfils all of these
      - in the network for at least a year: tenure is at least 12 months
      Whoever one of these holds for gets the lowest level
      - a data SIM is not rated: kind of SIM is “DATA”
      - a secondary SIM is not rated: kind of SIM is “SECONDARY”
      - a machine is not rated: kind of SIM is “IOT”
      Route: growth value (the highest level of all routes wins)
      - growth value: total net spend over the last calendar year in whole yuan + (300 if tenure is at least 120 months; 200 if tenure is at least 36 months; 100 if tenure is at least 12 months; otherwise 0) − the lowest of (total two-way suspensions over the last calendar year, 5) × 100
      - Diamond: at least 4,000
      - Platinum: at least 3,000
      - Gold: at least 1,800
      - Silver: at least 1,200
      - Honoured guest: at least 800
      Route: package fee of last month (the highest level of all routes wins)
      - package fee of last month: package fee of the last full month
      - Diamond: at least 388 yuan
      - Platinum: at least 238 yuan
      - Gold: at least 128 yuan
      - Silver: at least 88 yuan
      When a level is given
      - A higher level is given by every run
      - A lower level is given by every run
      - A downgrade comes at once
      - Down to the level that is earned, however many levels that is
      - A run that would lower more than 20 % of the levels held, 100 of them or more, lowers none until it is released
      Figures that are shown with every decision
      - net spend of last year: total net spend over the last calendar year in whole yuan
      - tenure value: 300 if tenure is at least 120 months; 200 if tenure is at least 36 months; 100 if tenure is at least 12 months; otherwise 0
      - two-way suspensions of last year: total two-way suspensions over the last calendar year
      - tenure: tenure
      Review
      - The yearly review holds from 1 February
    `),
    );
  });

  it('[TIER-02] the shipped one in Chinese, with every threshold', () => {
    expect(linesOf(gotone2026, 'zh')).toEqual(
      trimmed(`
      级别（由高到低）
      - 钻石卡
      - 白金卡
      - 金卡
      - 银卡
      - 贵宾卡
      - 普通
      参评条件（须全部满足）
      - 网龄满一年：网龄不低于12个月
      不参评情形（符合其一即为最低级别）
      - 数据卡不参评：SIM卡类型为「DATA」
      - 副卡不参评：SIM卡类型为「SECONDARY」
      - 物联网卡不参评：SIM卡类型为「IOT」
      评定途径：成长值（各途径取最高级别）
      - 成长值：上一自然年实际消费合计（元，取整） + （若网龄不低于120个月则为300；若网龄不低于36个月则为200；若网龄不低于12个月则为100；否则为0） − 最小值（上一自然年双向停机合计、5） × 100
      - 钻石卡：不低于4,000
      - 白金卡：不低于3,000
      - 金卡：不低于1,800
      - 银卡：不低于1,200
      - 贵宾卡：不低于800
      评定途径：上月套餐月费（各途径取最高级别）
      - 上月套餐月费：上一整月套餐月费
      - 钻石卡：不低于388元
      - 白金卡：不低于238元
      - 金卡：不低于128元
      - 银卡：不低于88元
      升降级规则
      - 升级：每次评定即时生效
      - 降级：每次评定即时生效
      - 降级不设缓冲期
      - 直接降至达标级别
      - 一次评定拟降级超过在册级别的20%且不少于100户时，全部暂缓，待放行
      随评定结果展示的数据
      - 上年实际消费：上一自然年实际消费合计（元，取整）
      - 网龄值：若网龄不低于120个月则为300；若网龄不低于36个月则为200；若网龄不低于12个月则为100；否则为0
      - 上年双停次数：上一自然年双向停机合计
      - 网龄：网龄
      复核
      - 年度复核自2月1日起生效
    `),
    );
  });

  it('[TIER-11] tells what keeps a level, what it grants, how levels move and what a province asks for', () => {
    const [growth, ...others] = gotone2026.routes;
    const [diamond, , ...lower] = gotone2026.levels;
    if (!growth || !diamond) throw new Error('nothing is shipped');
    const body: RuleSetBody = {
      ...gotone2026,
      levels: [
        {
          ...diamond,
          yearlyCostFen: 36_050,
          grants: [{ code: 'CREDIT', label: { en: 'credit limit', zh: '透支额度' }, unit: 'fen', value: 50_000 }],
        },
        ...lower,
      ],
      routes: [{ ...growth, thresholds: [{ tier: 'DIAMOND', atLeast: 4_000, retainAtLeast: 3_600 }] }, ...others],
      movement: {
        upgrade: 'any-run',
        downgrade: 'review',
        graceMonths: 3,
        stepwise: true,
        coolDownMonths: 1,
        announceRetained: true,
        guard: { percent: 15, from: 50 },
      },
      provinces: [
        { region: '440000', routes: [{ code: 'GROWTH_VALUE', thresholds: [{ tier: 'DIAMOND', atLeast: 6_000 }] }] },
      ],
    };
    expect(linesOf(body, 'en')).toEqual(
      expect.arrayContaining([
        '- Diamond: grants credit limit 500 yuan; costs 360.50 yuan a year',
        '- PLATINUM: not given by these rules',
        '- Diamond: at least 4,000, to keep it 3,600',
        '- A lower level is given by the yearly review only',
        '- A downgrade is announced and comes 3 months later, unless the level is earned again until then',
        '- At most one level down at a time',
        '- No run lowers a level for one month after it was given by hand',
        '- The review tells those who keep their level',
        '- A run that would lower more than 15 % of the levels held, 50 of them or more, lowers none until it is released',
        '- 440000, growth value, Diamond: at least 6,000',
      ]),
    );
    expect(linesOf(body, 'zh')).toEqual(
      expect.arrayContaining([
        '- 钻石卡：享有透支额度 500元；每年权益成本360.50元',
        '- 钻石卡：不低于4,000，保级不低于3,600',
        '- 降级先行预告，缓冲3个月后生效，期间重新达标则不降级',
        '- 440000，成长值，钻石卡：不低于6,000',
      ]),
    );
  });
});
