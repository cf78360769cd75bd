"""Parts that every page uses: refusals, lists, forms, imports, findings, papers, jobs."""
