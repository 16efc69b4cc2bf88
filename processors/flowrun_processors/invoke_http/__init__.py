"""InvokeHttp: one HTTP request for each flowfile. Its parts are modules, one noun each."""

from flowrun_processors.invoke_http.processor import InvokeHttp

__all__ = ["InvokeHttp"]
