"""Who takes part: parties and books are opened here by the operator."""
