from django.db import migrations

GENERIC_WORDS = """
研究 技术 应用 开发 关键 关键技术 系统 制备 方法 研发 产业化 项目 生产 工艺 装置 设备 新型 材料 产品 设计
建设 平台 服务 基于 及其 技术开发 技术研究 应用研究 示范 推广 集成 综合 管理 基础 理论 工程 具有 用于 使用
作为 进行 问题 实现 提高 提升 解决 解决方案 方案 需求 成果 创新
"""
SYNONYMS = """
石墨烯 graphene
碳纤维 炭纤维 carbon fiber
锂电池 锂离子电池 lithium battery
激光 laser
传感器 sensor
人工智能 ai
机器学习 machine learning
物联网 iot
无人机 uav
燃料电池 fuel cell
光伏 太阳能电池 photovoltaic
污水 废水
聚乙烯 pe
聚丙烯 pp
聚氯乙烯 pvc
聚偏氟乙烯 pvdf
聚醚醚酮 peek
增材制造 3d打印
数控机床 cnc
机器视觉 machine vision
"""


def add_words(apps, schema_editor):
    generic_word = apps.get_model("search", "GenericWord")
    generic_word.objects.bulk_create(generic_word(word=w) for w in GENERIC_WORDS.split())
    group = apps.get_model("search", "SynonymGroup")
    for words in synonym_groups():
        group.objects.create(words="\n".join(words))
    apps.get_model("search", "LexiconState").objects.create(pk=1, version=1)


def synonym_groups():
    return [_words(line) for line in SYNONYMS.strip().splitlines()]


def _words(line):
    """Chinese words are separated by blanks; what follows them is one English term."""
    parts = line.split()
    latin = [part for part in parts if part.isascii()]
    return (*(part for part in parts if not part.isascii()), *([" ".join(latin)] if latin else []))


class Migration(migrations.Migration):
    dependencies = [("search", "0001_lexicon_and_builds")]

    operations = [migrations.RunPython(add_words, migrations.RunPython.noop)]
