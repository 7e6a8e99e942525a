"""The pages of signing in and of one's own account; their forms are answered by the views of the API."""
