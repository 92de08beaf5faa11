import { describe, expect, it } from 'vitest';

import { fitWechatField } from '../../src/channels/wechat/data-fields.ts';

describe('a field of a template', () => {
  it.each([
    { field: 'thing1', value: 'AJ1 深度清洁', fitted: 'AJ1 深度清洁' },
    {
      field: 'thing2',
      value: 'AJ1 深度清洁加防水喷雾处理并更换鞋带与中底去黄',
      fitted: 'AJ1 深度清洁加防水喷雾处理并更换鞋…',
    },
    {
      field: 'thing3',
      value: '👨‍👩‍👧 家庭套餐 三双清洗 加急 明天取',
      fitted: '👨‍👩‍👧 家庭套餐 三双清洗 …',
    },
    { field: 'thing4', value: ' 两\n行 ', fitted: '两 行' },
    {
      field: 'number5',
      value: '12345678901234567890123456789012',
      fitted: '12345678901234567890123456789012',
    },
    { field: 'letter6', value: 'ABC', fitted: 'ABC' },
    { field: 'symbol7', value: '★☆', fitted: '★☆' },
    { field: 'character_string8', value: 'W7K2-Q9', fitted: 'W7K2-Q9' },
    { field: 'time9', value: '15:01', fitted: '15:01' },
    { field: 'time10', value: '2019年10月1日 15:01', fitted: '2019年10月1日 15:01' },
    { field: 'time11', value: '2019年10月1日 15:01~15:30', fitted: '2019年10月1日 15:01~15:30' },
    { field: 'date12', value: '2019年10月1日', fitted: '2019年10月1日' },
    { field: 'amount13', value: '¥1,199.00', fitted: '¥1199.00' },
    { field: 'amount14', value: '199元', fitted: '199元' },
    { field: 'phone_number15', value: '+86 13800138000', fitted: '+86 13800138000' },
    { field: 'car_number16', value: '粤A12345', fitted: '粤A12345' },
    { field: 'name17', value: '欧阳小明欧阳小明欧阳小明', fitted: '欧阳小明欧阳小明欧阳' },
    { field: 'name17', value: '欧阳小明欧阳小明欧阳', fitted: '欧阳小明欧阳小明欧阳' },
    { field: 'name18', value: 'Alexander Hamilton', fitted: 'Alexander Hamilton' },
    { field: 'phrase19', value: '可取鞋', fitted: '可取鞋' },
    { field: 'enum20', value: '已完成', fitted: '已完成' },
    { field: 'first', value: '您好', fitted: '您好' },
  ])('$field takes $value', ({ field, value, fitted }) => {
    expect(fitWechatField(field, value)).toBe(fitted);
  });

  it.each([
    { field: 'thing1', value: ' ' },
    { field: 'number2', value: '一' },
    { field: 'letter3', value: 'A1' },
    { field: 'symbol4', value: '★★★★★★' },
    { field: 'character_string5', value: '码1' },
    { field: 'character_string6', value: 'x'.repeat(33) },
    { field: 'time7', value: 'Friday at 3 PM' },
    { field: 'date8', value: '15:00' },
    { field: 'amount9', value: '$12345678901' },
    { field: 'phone_number10', value: '123456789012345678' },
    { field: 'car_number11', value: '粤A12345678' },
    { field: 'phrase12', value: '可以取鞋了吧' },
    { field: 'phrase13', value: 'Ready' },
  ])('$field does not take $value', ({ field, value }) => {
    expect(fitWechatField(field, value)).toBeUndefined();
  });

  it('has its dates in the form of the settings', () => {
    expect(fitWechatField('time1', '2026年3月7日 15:00', 'iso')).toBe('2026-03-07 15:00');
  });
});
