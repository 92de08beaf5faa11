import { paragraphs, type Language } from './language.ts';

const HELLO = '{customer}，您好！';
const SHOW = '到店请出示取件码：{ticketCode}';
const SEE = '查看、改期或取消订单：{link}';
const CHANGE = '更改预约时间：{link}';
const VIEW = '查看订单：{link}';
const DROP_OFF = '送鞋：{dropOffSlot}\n{dropOffPlace}';
const PICK_UP = '取鞋：{pickUpSlot}\n{pickUpPlace}';
const READY = '预计完成：{readyTime}';

export const CHINESE: Language = {
  locale: 'zh-CN',
  formatsOf: () => 'zh-CN',
  writes: (half) => /\p{Script=Han}/u.test(half),
  weekdayStyle: 'short',
  dayPart: (weekday, part) => `${weekday}${part}`,
  datedDayPart: (dayPart, date) => `${date}${dayPart}`,
  phrases: {
    item: '{pairs, plural, =1 {{name}} other {{name}（#双）}}',
    several: '{first}等{all}双',
    line: '• {item}：{care}',
    inCare: '正在进行{care}',
    place: '{place}（{address}）',
    slot: '{day} {hours}',
  },
  care: {
    clean: '清洁',
    protect: '防水处理',
    whiten: '去黄增白',
    condition: '皮革养护',
    sole: '鞋底修补',
    colour: '补色',
    'basic-clean': '基础清洁',
    'deep-clean': '深度清洁',
    whitening: '去黄增白',
    'suede-care': '麂皮护理',
    conditioning: '皮革养护',
    waterproofing: '防水处理',
    'heel-tips': '更换鞋跟',
    reglue: '开胶修补',
    resole: '换底',
    recolour: '补色改色',
    restoration: '全套翻新',
    'us-clean': '清洁',
    'us-suede': '麂皮护理',
    'us-heels': '更换鞋跟',
    'us-resole': '换底',
    'us-restoration': '全套翻新',
    'uk-clean': '清洁养护',
    'uk-waterproofing': '防水处理',
    'uk-heels': '更换鞋跟',
    'uk-resole': '换底',
    'uk-recolour': '补色改色',
    'in-clean': '深度清洁',
    'in-polish': '抛光养护',
    'in-heels': '更换鞋跟',
    'in-resole': '换底',
  },
  openNow: '现在',
  anyCare: { name: '护理', now: '正在护理中' },
  stages: {
    BOOKED: { name: '已预约', now: '已预约' },
    RECEIVED: { name: '已在门店', now: '已在门店' },
    IN_TRANSIT: { name: '运送途中', now: '正在运送途中' },
    IN_CARE: { name: '护理中', now: '正在护理中' },
    READY: { name: '可以取鞋', now: '可以取鞋' },
    COLLECTED: { name: '已取走', now: '已取走' },
    CANCELLED: { name: '已取消', now: '已取消' },
  },
  reasons: {
    MISSED_CUT_OFF: '未能赶上运送班次',
    VAN_MISSED: '未能赶上运送班次',
    VAN_LATE: '运送班次晚点或取消',
    HANDED_IN_LATE: '鞋子送达时间晚于预约',
    TRIP_FULL: '运送班次已满',
    WORKSHOP_CLOSED: '工坊暂时停工',
    WORKSHOP_FULL: '工坊排期已满',
    SHIFT_LOST: '工坊有班次未能开工',
    CAPACITY_CUT: '工坊产能低于预期',
    EXTRA_WORK: '您的鞋需要更多护理',
    DRYING: '您的鞋需要更长的干燥时间',
    STORE_CLOSED: '门店暂停营业',
    SHELF_FULL: '门店货架暂时已满',
    COUNTER_FULL: '门店取鞋时段已满',
  },
  noReason: '未说明',
  somebody: '顾客',
  sampleExplanation: '左脚鞋底在鞋跟处开胶，建议重新粘合。',
  messages: {
    ORDER_BOOKED: {
      title: '预约成功（{ticketCode}）',
      text: paragraphs(
        HELLO,
        '您的{items}已预约成功。',
        DROP_OFF,
        READY,
        PICK_UP,
        '{itemList}',
        SHOW,
        SEE,
      ),
      short:
        '预约成功：{dropOffTime}在{dropOffStore}送鞋，{pickUpTime}在{pickUpStore}取鞋，取件码{ticketCode}',
    },
    DROP_OFF_REMINDER: {
      title: '送鞋提醒：{dropOffSlot}',
      text: paragraphs(
        HELLO,
        '期待您送来{items}。',
        DROP_OFF,
        '请携带：\n{itemList}',
        SHOW,
        CHANGE,
      ),
      short: '送鞋提醒：{dropOffTime}请将{items}送到{dropOffStore}，取件码{ticketCode}',
    },
    RECEIPT: {
      title: '您的{items}已收到',
      text: paragraphs(
        HELLO,
        '您的{items}已送达{dropOffStore}。',
        '{itemList}',
        '预计{readyDay}可取（{readyTime}）。',
        PICK_UP,
        VIEW,
      ),
      short: '您的{items}已收到,{stageNow},预计{readyDay}可取',
    },
    PROGRESS: {
      title: '您的{items}：{stage}',
      text: paragraphs(HELLO, '您的{items}{stageNow}。', READY, VIEW),
      short: '您的{items}{stageNow}',
    },
    FINDING: {
      title: '请您决定：{items}需要额外处理',
      text: paragraphs(
        HELLO,
        '护理{items}时我们有新的发现，在您决定之前不会处理。',
        '{explanation}',
        '费用：{price}',
        '如果您同意，预计{newReadyDay}可取。',
        '同意、拒绝或咨询：{link}',
      ),
      short: '护理{items}时发现需要额外处理，请您决定是否同意',
    },
    NEW_PROMISE: {
      title:
        '{visit, select, DROP_OFF {请重新选择{items}的送鞋时间} other {{items}的取鞋时间有变：{readyDay}}}',
      text: paragraphs(
        HELLO,
        '非常抱歉，您的{items}无法在您预约的{visit, select, DROP_OFF {送鞋时间（{dropOffSlot}）送到本店} other {取鞋时间（{pickUpSlot}）取走}}。',
        '原因：{reason}。',
        '{visit, select, DROP_OFF {选定新的时间后，我们会告知取鞋时间。} other {预计{readyDay}可取（{readyTime}）。}}',
        '请在{visit, select, DROP_OFF {{dropOffStore}} other {{pickUpStore}}}的以下时段中选择，也可以选择其他时间：\n{slots}',
        CHANGE,
      ),
      short:
        '{visit, select, DROP_OFF {非常抱歉，您的{items}无法在预约时间送到本店，请重新选择送鞋时间} other {非常抱歉，您的{items}将推迟到{readyDay}可取，请重新选择取鞋时间}}',
    },
    READY: {
      title: '您的{items}可以取了',
      text: paragraphs(
        HELLO,
        '您的{items}已完成，现存放于{pickUpPlace}。',
        '{collectFrom}起至{collectUntil}均可来取。',
        '您的预约：{pickUpSlot}',
        SHOW,
        CHANGE,
      ),
      short: '您的{items}可以在{pickUpStore}取了，预约时间{pickUpTime}，取件码{ticketCode}',
    },
    PICK_UP_REMINDER: {
      title: '取鞋提醒：{pickUpSlot}',
      text: paragraphs(
        HELLO,
        '您的{items}{isReady, select, yes {已经完成} other {将按时完成}}。',
        PICK_UP,
        SHOW,
        CHANGE,
      ),
      short: '取鞋提醒：{pickUpTime}请到{pickUpStore}取{items}，取件码{ticketCode}',
    },
    PICK_UP_DAY: {
      title: '今天{pickUpHour}取鞋：{items}',
      text: paragraphs(
        HELLO,
        '您的{items}{isReady, select, yes {已经完成} other {将按时完成}}，今天{pickUpHour}恭候您来取。',
        '{pickUpPlace}',
        SHOW,
        CHANGE,
      ),
      short: '今天{pickUpHour}请到{pickUpStore}取{items}，取件码{ticketCode}',
    },
    QUEUE_NEAR: {
      title: '即将轮到您',
      text: paragraphs(
        HELLO,
        '{visit, select, DROP_OFF {{dropOffStore}} other {{pickUpStore}}}：您的前面最多还有两位，请到柜台等候。',
        '取件码：{ticketCode}（{items}）',
      ),
      short:
        '{visit, select, DROP_OFF {{dropOffStore}} other {{pickUpStore}}}：您的前面最多还有两位，请到柜台等候，取件码{ticketCode}',
    },
    MISSED: {
      title: '您错过了预约',
      text: paragraphs(
        HELLO,
        '您预约了{missedSlot}到{missedPlace}，但我们没有等到您。',
        '{visit, select, DROP_OFF {请重新选择送来{items}的时间。} other {{isReady, select, yes {您的{items}已经完成，为您保留在门店。营业时间内可随时来取，也可以重新预约。} other {请重新选择取{items}的时间。}}}}',
        '取件码：{ticketCode}',
        CHANGE,
      ),
      short:
        '您错过了{missedSlot}的预约。{visit, select, DROP_OFF {请重新选择送来{items}的时间} other {请来店或重新选择取{items}的时间}}',
    },
    OVERDUE: {
      title: '您的{items}还在等您',
      text: paragraphs(
        HELLO,
        '您的{items}已在{pickUpPlace}等候您{overdueDays}天。',
        '营业时间内可随时来取，无需重新预约。',
        '我们为您保留到{lastCollectBy}，之后请向门店咨询。',
        SHOW,
        CHANGE,
      ),
      short: '您的{items}已在{pickUpStore}等候您{overdueDays}天，请尽快来取，取件码{ticketCode}',
    },
    MOVED: {
      title:
        '{visit, select, DROP_OFF {送鞋已改期：{dropOffSlot}} PICK_UP {取鞋已改期：{pickUpSlot}} other {您的预约有变更}}',
      text: paragraphs(
        HELLO,
        '{visit, select, DROP_OFF {您的送鞋预约已改期。} PICK_UP {您的取鞋预约已改期。} other {您的预约有变更。}}{items}现在的安排：',
        DROP_OFF,
        READY,
        PICK_UP,
        '取件码不变：{ticketCode}',
        SEE,
      ),
      short:
        '预约已变更：{dropOffTime}在{dropOffStore}送鞋，{pickUpTime}在{pickUpStore}取鞋，取件码{ticketCode}',
    },
    CANCELLED: {
      title: '订单{ticketCode}已取消',
      text: paragraphs(
        HELLO,
        '您的订单{ticketCode}（{items}）已取消，两个预约均已释放，您无需再做任何事。',
        '原因：{reason}',
        VIEW,
      ),
      short: '您的订单{ticketCode}（{items}）已取消',
    },
    COLLECTED: {
      title: '感谢光临',
      text: paragraphs(HELLO, '您已在{pickUpStore}取走{items}。感谢光临，期待再次为您服务。', VIEW),
      short: '您已在{pickUpStore}取走{items}，感谢光临',
    },
  },
};
