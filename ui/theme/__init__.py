"""How everything looks: roles for colours and sizes, one style sheet, shipped font, tinted icons."""
