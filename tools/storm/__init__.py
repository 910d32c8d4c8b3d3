"""A storm at the desk: twenty callers a second from several seats, while somebody watches the board."""
