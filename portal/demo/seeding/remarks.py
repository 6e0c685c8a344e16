"""What units, experts and the commission write in the demo's evaluation rounds."""

import random

NOTICE = (
    "请各参评单位如实填报自评材料并上传佐证文件，数据以上一自然年度为准。"
    "台账已有的数据由系统自动带出，如有出入请在说明中写明。"
)
DECISION = "经形式审查、专家评分、复核和单位确认，同意本轮评估结果，按程序公示。"
BEFORE = "平台启用前的数据，按年度转化报告补录。"
CORRECTION = "扣除与关联企业之间尚未到账的合同款，以银行回单为准。"
MODERATION = "其中一位专家误按旧版标准评分，核对佐证材料后取中位数。"
OBJECTION = "我单位认为当年一笔许可费已开具发票，应计入当年到账金额。"
REPLY = "经核对银行回单，该笔款项于次年1月到账，按到账口径应计入下一年度，异议不成立。"
OPINIONS = (
    "材料完整，数据可核，转化工作有序推进，建议加强中试环节的投入。",
    "优势集中在少数团队，成果储备充足，但签约后的跟踪服务偏弱。",
    "佐证充分，到账与合同能够对应，收益分配制度落实到位。",
    "特色明显，与本地产业结合紧密，专职转化人员数量偏少。",
    "总体平稳，建议把匹配反馈用于修改成果说明，提高对接效率。",
)
HIGH = (
    "{name}方面证据充分，与同类相比处于前列。",
    "{name}有第三方材料佐证，可以采信。",
    "{name}表现突出，近两年进步明显。",
)
MIDDLE = (
    "{name}基本达到要求，个别材料不够具体。",
    "{name}有一定基础，尚缺量化指标。",
    "{name}符合实际，建议补充对比数据。",
)
LOW = (
    "{name}的说明过于笼统，缺少可核查的材料。",
    "{name}与佐证材料对应不上，从严打分。",
    "{name}目前仍停留在计划阶段。",
)


def remark_on(name: str, score: float, chance: random.Random) -> str:
    """A comment that fits the score."""
    texts = HIGH if score >= 82 else MIDDLE if score >= 65 else LOW
    return chance.choice(texts).format(name=name)
