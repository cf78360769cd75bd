"""技术评估: the list, an assessment, its score sheets."""
