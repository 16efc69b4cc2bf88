"""HTTP for whatever needs it here: requests, answers, and one client that keeps connections and deadlines."""
