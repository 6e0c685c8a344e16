"""Made-up guests of the demo's fairs: names, organizations, what they say of themselves."""

import random

from events.fairs.enums import ParticipantRole as Role
from events.registration.enums import RegistrationState as State

FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"
GIVEN = "知远景行书瑶若溪清越承泽嘉禾望舒亦帆思齐雨桐沐阳一诺安然星野云舟"
DOUBLE_FAMILY = ("欧阳", "上官", "司徒", "诸葛")
PLACES = ("湖城", "钱江湾", "临平", "萧然", "富春", "天目", "西溪", "运河")
FIELDS = ("新材料", "智能装备", "纺织科技", "环保科技", "精密机械", "数字技术", "生物科技")
ENDINGS = {
    Role.ENTERPRISE: "有限公司",
    Role.INVESTOR: "创业投资合伙企业",
    Role.INSTITUTE: "研究院",
    Role.UNIVERSITY: "学院",
    Role.EXPERT: "专家工作室",
    Role.MEDIA: "周刊社",
    Role.VISITOR: "商会",
}
SEEKING_WORDS = (
    "想找能在现有产线上试的成熟工艺，三个月内可以上机。",
    "关注降耗改造，手头有明确预算和决策人。",
    "在找替代进口助剂的方案，月用量约八吨。",
    "返修率降不下来，想请人到车间看一天。",
    "看早期项目，重点看数据和团队的分工。",
)
OFFERING_WORDS = (
    "带来两项中试完成的技术，有客户试用数据。",
    "寻找愿意一起做样件的企业，设备我们出。",
    "做检测方法，想听听一线最头疼的缺陷。",
    "希望把闲置的中试线开放给需要的团队。",
    "可以先做一批小样，合格再谈合作方式。",
)


PARKING = {
    "subject": "停车与入场安排",
    "subject_en": "Parking and entrance",
    "body": "{name}您好：\n\n{fair}当天请从东门入场，地下停车场免费停放，入口有无障碍坡道。",
    "body_en": "Dear {name},\n\nplease use the east gate on the day of {fair}; parking is free.",
    "states": [State.APPROVED],
}
SCHEDULE = {
    "subject": "日程即将发布",
    "subject_en": "Your schedule comes out soon",
    "body": "{name}您好：\n\n{fair}的洽谈日程今晚发布，请留意通知。",
    "body_en": "Dear {name},\n\nyour meetings at {fair} are published tonight.",
    "states": [State.APPROVED],
}


def guest_name(chance: random.Random) -> str:
    """Two to four characters, as names in the city are."""
    family = chance.choice(DOUBLE_FAMILY) if chance.random() < 0.06 else chance.choice(FAMILY)
    place = chance.randrange(0, len(GIVEN) - 1, 2)
    given = GIVEN[place : place + 2]
    return family + (given if chance.random() < 0.8 else given[:1])


def guest_organization(chance: random.Random, role: Role) -> str:
    return f"{chance.choice(PLACES)}{chance.choice(FIELDS)}{ENDINGS.get(role, '有限公司')}"
