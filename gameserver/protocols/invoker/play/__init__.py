"""The games on the books: each request is one operation that changes everything it has to, or nothing."""
