"""What the national register's form and common tables call the members of our vocabularies."""

from ..enums import AchievementClass, AchievementForm, Level, Novelty, Secrecy, Stage

CLASS: dict[str, tuple[str, ...]] = {
    AchievementClass.APPLIED: ("应用技术类", "应用技术类成果", "应用类", "applied"),
    AchievementClass.BASIC: ("基础理论类", "基础理论类成果", "基础类", "basic"),
    AchievementClass.SOFT: ("软科学类", "软科学类成果", "soft"),
}
FORM: dict[str, tuple[str, ...]] = {
    AchievementForm.EQUIPMENT: ("新装备", "新设备", "装备", "设备", "equipment"),
    AchievementForm.TECHNOLOGY: ("技术", "technology"),
    AchievementForm.PROCESS: ("工艺", "process"),
    AchievementForm.PRODUCT: ("产品", "product"),
    AchievementForm.MATERIAL: ("材料", "material"),
    AchievementForm.VARIETY: (
        *("农业、生物新品种", "农业/生物新品种", "农业新品种", "生物新品种"),
        *("矿产新品种", "品种", "variety"),
    ),
    AchievementForm.OTHER_APPLIED: ("其它应用技术", "其他应用技术", "其它", "其他", "other"),
    AchievementForm.PAPER: ("论文", "著作", "论著", "论文论著", "论文、著作", "paper", "book"),
    AchievementForm.REPORT: ("报告", "研究报告", "report"),
}
STAGE: dict[str, tuple[str, ...]] = {
    Stage.EARLY: (
        "初期",
        "初期阶段",
        "小试",
        "小试阶段",
        "实验室",
        "实验室阶段",
        "laboratory",
        "lab",
    ),
    Stage.MIDDLE: ("中期", "中期阶段", "中试", "中试阶段", "pilot"),
    Stage.MATURE: (
        *("成熟", "成熟应用", "成熟应用阶段", "成熟阶段", "产业化", "产业化阶段", "量产"),
        *("可量产", "规模化生产", "mature", "production"),
    ),
}
NOVELTY: dict[str, tuple[str, ...]] = {
    Novelty.ORIGINAL: ("原始性创新", "原始创新", "自主创新", "original"),
    Novelty.REINNOVATION: (
        *("国外引进消化吸收创新", "引进消化吸收创新", "引进消化吸收再创新"),
        *("国外引进、消化吸收创新",),
    ),
    Novelty.SECONDARY: ("国内技术二次开发", "二次开发"),
}
LEVEL: dict[str, tuple[str, ...]] = {
    Level.INTERNATIONAL_LEADING: ("国际领先", "国际领先水平"),
    Level.INTERNATIONAL_ADVANCED: ("国际先进", "国际先进水平"),
    Level.DOMESTIC_LEADING: ("国内领先", "国内领先水平"),
    Level.DOMESTIC_ADVANCED: ("国内先进", "国内先进水平"),
    Level.DOMESTIC_AVERAGE: ("国内一般", "国内一般水平"),
    Level.NOT_EVALUATED: ("未评价", "未评", "未鉴定"),
}
SECRECY: dict[str, tuple[str, ...]] = {
    Secrecy.NONE: ("公开", "非密", "无密级", "无", "不涉密", "none", "public"),
}
