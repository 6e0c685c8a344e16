"""Schemes to begin with: what standards and provincial practice name, as data (现成方案).

Sources: domain reference §2.1 (GB/T 44731-2024), §2.8 (annual conversion report), §2.9
(evaluation of transfer offices). Weights are a starting point; a draft may change them.
"""

from dataclasses import dataclass, field

from .enums import IndicatorKind, MissingRule, ObjectType


@dataclass(frozen=True)
class Leaf:
    name: str
    name_en: str
    weight: float
    kind: IndicatorKind = IndicatorKind.SCORE
    guidance: str = ""
    query: str = ""
    unit: str = ""
    scale: tuple[float, float] | None = (0, 100)
    is_cost: bool = False
    missing: MissingRule = MissingRule.EXCLUDE


@dataclass(frozen=True)
class ReadyMade:
    """``groups`` are (Chinese, English, leaves) in order; the leaves' weights sum to 100."""

    code: str
    title: str
    title_en: str
    purpose: str
    purpose_en: str
    source: str
    object_type: ObjectType
    groups: list[tuple[str, str, list[Leaf]]] = field(default_factory=list)


def number(
    name: str,
    name_en: str,
    weight: float,
    query: str,
    *,
    full: float,
    unit: str = "项",
    is_cost: bool = False,
) -> Leaf:
    """``full`` and more earn all the points, or none where the lower is the better."""
    kind, scale = IndicatorKind.NUMBER, (0.0, full)
    return Leaf(name, name_en, weight, kind, query=query, unit=unit, scale=scale, is_cost=is_cost)


def share(name: str, name_en: str, weight: float, query: str) -> Leaf:
    return Leaf(name, name_en, weight, IndicatorKind.NUMBER, query=query, unit="%")


def reported(
    name: str,
    name_en: str,
    weight: float,
    unit: str,
    *,
    guidance: str,
    full: float,
    missing: MissingRule = MissingRule.WORST,
    is_cost: bool = False,
) -> Leaf:
    """``full`` and more earn all the points, or none where the lower is the better."""
    return Leaf(
        name,
        name_en,
        weight,
        IndicatorKind.EVIDENCE,
        guidance,
        unit=unit,
        scale=(0, full),
        is_cost=is_cost,
        missing=missing,
    )


ACHIEVEMENTS = ReadyMade(
    code="achievement-value",
    title="科技成果五元价值评估",
    title_en="Five values of an achievement",
    purpose="按国家标准的五个一级指标评估成果，服务于转化推荐、概念验证立项和奖励推荐。",
    purpose_en="Evaluates achievements by the five level-1 values of the national standard.",
    source="GB/T 44731-2024 科技成果评估规范",
    object_type=ObjectType.ACHIEVEMENT,
    groups=[
        (
            "科学价值",
            "Scientific value",
            [
                Leaf("原创性", "Originality", 8, guidance="新知识、新原理、新方法的贡献"),
                Leaf("学术影响", "Influence", 7, guidance="代表性论文、引用与同行认可"),
            ],
        ),
        (
            "技术价值",
            "Technical value",
            [
                Leaf("先进性", "State of the art", 12, guidance="与国内外同类技术的指标对比"),
                Leaf("成熟度", "Readiness", 10, guidance="技术就绪度等级及其证明材料"),
                number(
                    "已授权专利",
                    "Patents granted",
                    8,
                    "achievement_patents",
                    unit="件",
                    full=5,
                ),
            ],
        ),
        (
            "经济价值",
            "Economic value",
            [
                Leaf("市场前景", "Market", 12, guidance="目标市场规模、替代空间、竞争格局"),
                reported(
                    "已实现收入",
                    "Income so far",
                    8,
                    "万元",
                    guidance="近三年转让、许可、销售到账收入，附合同或发票",
                    full=1000,
                ),
            ],
        ),
        (
            "社会和文化价值",
            "Social and cultural value",
            [
                Leaf("社会效益", "Social benefit", 10, guidance="健康、安全、环保、就业"),
                Leaf("科学精神与文化", "Culture", 5, guidance="科学普及、创新文化"),
            ],
        ),
        (
            "转化推广潜力",
            "Potential for conversion",
            [
                Leaf("转化条件", "Conditions", 12, guidance="团队意愿、配套工艺、合作方与资金"),
                share("匹配采纳率", "Matches accepted", 8, "achievement_accepted"),
            ],
        ),
    ],
)

INSTITUTES = ReadyMade(
    code="institute-conversion",
    title="高校院所成果转化绩效评估",
    title_en="Conversion performance of institutes",
    purpose="按年度转化报告的口径评估高校院所成果供给、转化成效和转化管理。",
    purpose_en="Evaluates supply, conversion and its management by the annual report's terms.",
    source="科技成果转化年度报告指标；《浙江省促进科技成果转化条例》第二十八条",
    object_type=ObjectType.INSTITUTE,
    groups=[
        (
            "成果供给",
            "Supply",
            [
                number(
                    "发布成果数",
                    "Achievements published",
                    10,
                    "achievements_published",
                    full=10,
                ),
                number(
                    "推介专利数",
                    "Patents offered",
                    5,
                    "patents_offered",
                    unit="件",
                    full=8,
                ),
                number(
                    "授权专利数",
                    "Patents granted",
                    10,
                    "patents_granted",
                    unit="件",
                    full=10,
                ),
            ],
        ),
        (
            "对接成效",
            "Matching",
            [
                number(
                    "对接需求数",
                    "Needs matched",
                    10,
                    "needs_matched",
                    full=8,
                ),
                share("匹配采纳率", "Matches accepted", 10, "verdicts_accepted"),
            ],
        ),
        (
            "转化成效",
            "Conversion",
            [
                number(
                    "台账到账金额",
                    "Received, by the ledger",
                    10,
                    "money_received",
                    unit="万元",
                    full=2000,
                ),
                number(
                    "三种方式合同数",
                    "Contracts of the three modes",
                    10,
                    "contracts_of_three_modes",
                    full=25,
                ),
                reported(
                    "台账外到账金额",
                    "Received outside the ledger",
                    10,
                    "万元",
                    guidance="未在本平台建案的合同当年到账，附合同与财务证明",
                    missing=MissingRule.REFUSE,
                    full=2000,
                ),
            ],
        ),
        (
            "转化管理",
            "Management",
            [
                Leaf("制度与机构", "Rules and office", 10, guidance="转化制度、专职人员、决策流程"),
                Leaf("收益分配落实", "Rewards", 10, guidance="奖励公示与兑现情况"),
                number(
                    "转化用时",
                    "Time to contract",
                    5,
                    "days_to_contract",
                    unit="天",
                    full=180,
                    is_cost=True,
                ),
            ],
        ),
    ],
)

OFFICES = ReadyMade(
    code="transfer-office",
    title="技术转移机构评估",
    title_en="Transfer offices",
    purpose="评估技术转移机构的基础条件、服务绩效、服务能力、规范管理和社会信誉。",
    purpose_en="Evaluates transfer offices: means, results, ability, management, standing.",
    source="省级技术转移机构评估指标（10/30/30/20/10）",
    object_type=ObjectType.BROKER,
    groups=[
        (
            "基础条件",
            "Means",
            [
                reported(
                    "专职人员",
                    "Full-time staff",
                    6,
                    "人",
                    guidance="社保名单",
                    full=20,
                ),
                reported(
                    "经费投入",
                    "Funding",
                    4,
                    "万元",
                    guidance="上年度审计报告",
                    full=500,
                ),
            ],
        ),
        (
            "服务绩效",
            "Results",
            [
                reported(
                    "促成技术交易额",
                    "Amount of deals",
                    15,
                    "万元",
                    guidance="认定登记的合同",
                    full=3000,
                ),
                reported(
                    "服务企业数",
                    "Companies served",
                    7,
                    "家",
                    guidance="服务协议或台账",
                    full=80,
                ),
                number(
                    "对接需求数",
                    "Needs matched",
                    8,
                    "needs_matched",
                    full=8,
                ),
            ],
        ),
        (
            "服务能力",
            "Ability",
            [
                reported(
                    "每百人促成交易数",
                    "Deals per 100 staff",
                    10,
                    "项",
                    guidance="交易数÷人员数×100",
                    full=60,
                ),
                Leaf(
                    "专业服务能力", "Professional service", 12, guidance="评估、定价、谈判、投融资"
                ),
                share("匹配采纳率", "Matches accepted", 8, "verdicts_accepted"),
            ],
        ),
        (
            "规范管理",
            "Management",
            [
                Leaf("章程与制度", "Charter and rules", 10, guidance="章程、服务规范、保密制度"),
                Leaf("信息化与数据库", "Data", 10, guidance="成果库、需求库、服务台账"),
            ],
        ),
        ("社会信誉", "Standing", [Leaf("社会评价", "Reputation", 10, guidance="奖项、投诉、信用")]),
    ],
)

CASES = ReadyMade(
    code="exemplary-case",
    title="典型转化案例评选",
    title_en="Exemplary conversion cases",
    purpose="从已签约案例中评选转化成效好、过程规范、可供借鉴的典型案例。",
    purpose_en="Chooses signed cases with good effect and a clean record that others can follow.",
    source="平台建议方案，无标准出处，启用前请核定指标与权重",
    object_type=ObjectType.CASE,
    groups=[
        (
            "转化规模",
            "Size",
            [
                number("合同金额", "Contract amount", 20, "case_contract", unit="万元", full=500),
                share("到账比例", "Received of the contract", 15, "case_received"),
            ],
        ),
        (
            "转化效率",
            "Pace",
            [
                number(
                    "签约用时",
                    "Days to the signature",
                    10,
                    "case_days",
                    unit="天",
                    full=365,
                    is_cost=True,
                )
            ],
        ),
        (
            "产业带动",
            "Effect",
            [
                number("新增销售", "New sales", 20, "case_sales", unit="万元", full=2000),
                Leaf("社会效益", "Social benefit", 10, guidance="就业、节能、安全、民生"),
            ],
        ),
        (
            "示范价值",
            "Example",
            [
                Leaf("机制创新", "New ways", 15, guidance="定价、分配、先用后转、作价投资等做法"),
                Leaf("可复制性", "Can be followed", 10, guidance="同类机构照此可行"),
            ],
        ),
    ],
)

READY_MADE = {each.code: each for each in (ACHIEVEMENTS, CASES, INSTITUTES, OFFICES)}


def register_ready_made(scheme: ReadyMade) -> None:
    """Offer the scheme of a room that registers its own kind of objects."""
    READY_MADE[scheme.code] = scheme
