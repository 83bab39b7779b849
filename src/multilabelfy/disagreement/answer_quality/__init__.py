"""How good answers are: beside gold and their author's earlier answers, by place on the page, and before and after the candidates."""
