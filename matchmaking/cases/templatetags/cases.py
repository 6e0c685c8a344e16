from django import template

from ..descriptions import write_money

register = template.Library()
register.filter("money", write_money)
