"""What is declared where: the gap matrix, the offers behind each cell, the rule that empties each hole. Read from the index."""
