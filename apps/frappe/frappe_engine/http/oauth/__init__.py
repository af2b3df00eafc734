"""OAuth 2 and OpenID Connect: other people's programs act for users who allowed it.

Authorization code with PKCE and refresh tokens (RFC 6749, 7636, 6750), revocation (7009), introspection (7662), and
OpenID Connect's profile. The protocol is oauthlib's; what is stored, and for whom, is decided here.

Invariant: codes and tokens are kept as hashes, a code is good for one try, and a token never outlives the right of
its user and client.
"""
