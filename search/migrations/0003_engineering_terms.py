from django.db import migrations

TERMS = """
电池|蓄电池|battery|batteries
锂电池|锂离子电池|lithium battery|lithium-ion battery|li-ion battery
固态电池|solid-state battery|solid state battery
钠离子电池|sodium-ion battery
燃料电池|fuel cell
超级电容器|超级电容|supercapacitor
储能|energy storage
电解液|电解质|electrolyte
正极|cathode
负极|anode
隔膜|separator
氢能|hydrogen energy
制氢|hydrogen production
储氢|hydrogen storage
光伏|太阳能电池|photovoltaic|solar cell|solar panel
风电|风力发电|wind power|wind turbine
逆变器|inverter
充电桩|充电站|charging pile|charging station
微电网|microgrid
热泵|heat pump
余热|废热|waste heat
锅炉|boiler
换热器|热交换器|heat exchanger
热管理|thermal management
碳捕集|carbon capture
碳足迹|carbon footprint
污水|废水|wastewater|sewage
污水处理|废水处理|wastewater treatment|sewage treatment
污泥|sludge
脱氮|反硝化|denitrification
除磷|phosphorus removal
膜分离|membrane separation
反渗透|reverse osmosis
超滤|ultrafiltration
海水淡化|desalination
吸附|吸附剂|adsorption|adsorbent
活性炭|activated carbon
废气|尾气|exhaust gas|waste gas
挥发性有机物|voc|vocs
脱硫|desulfurization|desulphurization
脱硝|denitration
除尘|粉尘|dust removal
固废|固体废物|solid waste
垃圾|生活垃圾|garbage|refuse
土壤修复|soil remediation
回收|recycling
水质监测|water quality monitoring
噪声|噪音|noise
石墨烯|graphene
碳纤维|炭纤维|carbon fiber|carbon fibre
碳纳米管|carbon nanotube
复合材料|composite
高分子|聚合物|polymer
树脂|resin
橡胶|rubber
塑料|plastic
可降解|生物降解|biodegradable
聚乳酸|pla|polylactic acid
陶瓷|ceramic
玻璃|glass
合金|alloy
铝合金|aluminium alloy|aluminum alloy
钛合金|titanium alloy
镁合金|magnesium alloy
不锈钢|stainless steel
稀土|rare earth
薄膜|film
涂层|镀层|coating
气凝胶|aerogel
纳米材料|nanomaterial
金属有机框架|mof|metal-organic framework
催化剂|catalyst
胶粘剂|粘合剂|胶黏剂|adhesive
涂料|油漆|paint
防腐|耐腐蚀|防腐蚀|anticorrosion|corrosion resistance
润滑|lubrication
表面处理|surface treatment
粉末冶金|powder metallurgy
激光|laser
激光焊接|laser welding
激光熔覆|laser cladding
焊接|welding
铸造|casting
锻造|forging
冲压|stamping
注塑|注射成型|injection molding|injection moulding
热处理|heat treatment
机械加工|切削|machining
磨削|grinding
刀具|cutting tool
模具|mould|mold
轴承|bearing
齿轮|gear
减速器|减速机|reducer|gearbox
电机|电动机|马达|motor
液压|hydraulic
气动|pneumatic
泵|pump
阀门|valve
密封|seal|sealing
压缩机|compressor
机器人|robot|robotics
机械臂|机械手|robot arm|manipulator
数控机床|数控|cnc|machine tool
增材制造|3d打印|3d printing|additive manufacturing
无损检测|nondestructive testing|ndt
超声|超声波|ultrasonic|ultrasound
振动|vibration
故障诊断|fault diagnosis
预测性维护|predictive maintenance
传感器|sensor
压力传感器|pressure sensor
射频识别|rfid
物联网|iot|internet of things
芯片|集成电路|chip|integrated circuit
半导体|semiconductor
碳化硅|sic|silicon carbide
氮化镓|gan|gallium nitride
发光二极管|led
显示屏|display
光纤|optical fiber|optical fibre
天线|antenna
雷达|radar
毫米波|millimeter wave|millimetre wave
无线充电|wireless charging
边缘计算|edge computing
云计算|cloud computing
大数据|big data
区块链|blockchain
人工智能|ai|artificial intelligence
机器学习|machine learning
深度学习|deep learning
大模型|大语言模型|llm|large language model
图像识别|image recognition
机器视觉|视觉检测|machine vision
语音识别|speech recognition
自然语言处理|nlp
知识图谱|knowledge graph
数字孪生|digital twin
网络安全|信息安全|cybersecurity
虚拟现实|vr|virtual reality
增强现实|ar|augmented reality
仿真|simulation
定位|positioning
无人机|uav|drone
自动驾驶|无人驾驶|autonomous driving|self-driving
电动汽车|新能源汽车|electric vehicle|ev
制动|刹车|brake|braking
轻量化|lightweight
底盘|chassis
物流|logistics
冷链|cold chain
仓储|warehouse|warehousing
酶|enzyme
发酵|fermentation
益生菌|probiotic
抗体|antibody
疫苗|vaccine
基因|gene
核酸检测|nucleic acid test
蛋白|蛋白质|protein
多肽|peptide
细胞|cell culture
诊断试剂|体外诊断|ivd|diagnostic reagent
药物|drug|medicine
中药|中草药|herbal medicine
医疗器械|medical device
支架|植入物|implant
食品安全|food safety
保鲜|freshness preservation
杀菌|灭菌|消毒|sterilization|disinfection
干燥|烘干|drying
冻干|冷冻干燥|freeze drying
茶|茶叶|tea
水产养殖|aquaculture
农药残留|农残|pesticide residue
印染|染整|dyeing|printing and dyeing
纺织|纺织品|textile
纤维|fiber|fibre
面料|织物|fabric
无纺布|非织造布|nonwoven
丝绸|蚕丝|silk
数码印花|digital printing
阻燃|flame retardant
抗菌|antibacterial|antimicrobial
防水|waterproof
动漫|动画|animation
文物|文化遗产|cultural relic|cultural heritage
风控|风险控制|risk control
旅游|文旅|tourism
电子商务|电商|e-commerce|ecommerce
推荐系统|recommender|recommendation system
"""


def synonym_groups():
    return [tuple(line.split("|")) for line in TERMS.strip().splitlines()]


def add_terms(apps, schema_editor):
    group = apps.get_model("search", "SynonymGroup")
    group.objects.bulk_create(group(words="\n".join(words)) for words in synonym_groups())
    state, _created = apps.get_model("search", "LexiconState").objects.get_or_create(pk=1)
    state.version += 1
    state.save()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words")]

    operations = [migrations.RunPython(add_terms, migrations.RunPython.noop)]
