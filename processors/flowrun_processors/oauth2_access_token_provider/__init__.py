"""OAuth2AccessTokenProvider: access tokens that processors share. Its parts are modules, one noun each."""

from flowrun_processors.oauth2_access_token_provider.provider import OAuth2AccessTokenProvider

__all__ = ["OAuth2AccessTokenProvider"]
